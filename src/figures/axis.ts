/** The value axis of a bar chart, chosen so that its labels can be measured before anything is drawn. */
export interface ValueAxis {
  type: 'linear' | 'log';
  domain: [low: number, high: number];
  ticks: number[];
  /** d3-format specifier of the tick labels */
  format: string;
  /** The tick labels that `format` makes. */
  labels: string[];
}

/** Above this ratio between the highest and the lowest bar a linear axis would hide the low one. */
const logRatio = 100;

/**
 * @param values heights of all bars
 * @param room how much higher the axis reaches than the highest bar (1.2 = a fifth), for labels and the legend
 * @param options.stacked bars that are stacked start at zero, so their axis is always linear
 */
export function valueAxis(values: readonly number[], room: number, options: { stacked?: boolean } = {}): ValueAxis {
  const highest = Math.max(0, ...values);
  const lowest = Math.min(...values);
  if (!options.stacked && lowest > 0 && highest / lowest > logRatio) return logAxis(lowest, highest, room);
  return linearAxis(Math.min(0, lowest), highest, room);
}

function linearAxis(lowest: number, highest: number, room: number): ValueAxis {
  const span = highest - lowest || 1;
  const step = niceStep(span / 4);
  const decimals = decimalsOf(step);
  const low = lowest < 0 ? Math.floor(lowest / step) * step : 0;
  const high = low + (Math.max(highest, lowest + span) - low) * room;
  const ticks = [];
  for (let index = Math.round(low / step); index * step <= high; index++) {
    ticks.push(Number((index * step).toFixed(decimals)));
  }
  const labels = ticks.map((tick) =>
    tick.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
  return { type: 'linear', domain: [low, high], ticks, format: `,.${decimals}f`, labels };
}

/** Decades only: the lowest bar keeps a visible height above the foot of the axis. */
function logAxis(lowest: number, highest: number, room: number): ValueAxis {
  const foot = Math.floor(Math.log10(lowest) - 0.2);
  const top = foot + (Math.log10(highest) - foot) * room;
  const ticks = [];
  for (let decade = foot; decade <= top; decade++) ticks.push(Number(`1e${decade}`));
  const labels = ticks.map((tick) => tick.toLocaleString('en-US', { maximumFractionDigits: 6 }));
  return { type: 'log', domain: [10 ** foot, 10 ** top], ticks, format: ',~f', labels };
}

/** The next of 1, 2, 2.5, 5, 10 times a power of ten. */
function niceStep(roughStep: number): number {
  const power = 10 ** Math.floor(Math.log10(roughStep));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= roughStep * (1 - 1e-9))!;
  return factor * power;
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    if (Math.abs(step - Number(step.toFixed(decimals))) < step * 1e-6) return decimals;
  }
  return 12;
}
