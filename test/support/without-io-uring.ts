import { spawnSync } from 'node:child_process';

/** Runs what follows it with a seccomp filter under which io_uring_setup fails with EPERM, as container runtimes do. */
const launcher = `
import ctypes, os, struct, sys
IO_URING_SETUP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 425, 38, 22, 2
rules = [(0x20, 0, 0, 0), (0x15, 0, 1, IO_URING_SETUP), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7fff0000)]
code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *rule) for rule in rules))
program = ctypes.create_string_buffer(struct.pack('HL', len(rules), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
if libc.prctl(PR_SET_SECCOMP, FILTER, program, 0, 0) != 0:
    sys.exit('seccomp: ' + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
`;

/** Why programs cannot be run without io_uring here; null where they can. */
export function launcherProblem(): string | null {
  const { error, status, stderr } = runWithoutIoUring('/bin/true', []);
  return status === 0 ? null : `no seccomp filter through python3: ${error?.message ?? stderr.trim()}`;
}

export function runWithoutIoUring(program: string, args: readonly string[]) {
  return spawnSync('python3', ['-c', launcher, program, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
}
