/** Threads wake up late: by 0.1 to 0.4 ms on an idle virtual machine. The last part of a wait is spent looking at the clock. */
const lookingMs = 0.4;

const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Blocks the thread for so long, to within some microseconds where a CPU is free; all but the last moment asleep, so that loader workers have the CPU. */
export function waitPrecisely(ms: number): void {
  const end = performance.now() + ms;
  for (let leftMs = ms; leftMs > 0; leftMs = end - performance.now()) {
    if (leftMs > lookingMs) Atomics.wait(never, 0, 0, leftMs - lookingMs);
  }
}
