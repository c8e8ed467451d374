import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '#src/base/package.js';

/** The software Vulkan device of Debian's chromium; Dawn refuses Mesa's. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

export type Environment = Record<string, string | undefined>;

/** What makes the loader of Vulkan find this driver and no other, set before a process starts. */
export const vulkanDriver = (manifest: string): Environment => ({
  ...process.env,
  VK_DRIVER_FILES: manifest,
  VK_ICD_FILENAMES: manifest,
});

/** The environment in which WebGPU computes on a software device, or the reason why there is none. */
export async function softwareVulkan(): Promise<{ env: Environment; skip: false } | { env: null; skip: string }> {
  const remedy = 'Debian: apt-get install chromium libvulkan1';
  if (!existsSync(swiftShader)) return { env: null, skip: `no software Vulkan device here (${remedy})` };
  const env = vulkanDriver(swiftShader);
  const { usable, reason } = await probeWebgpu(env);
  return usable
    ? { env, skip: false }
    : { env: null, skip: `WebGPU cannot use SwiftShader here: ${reason} (${remedy})` };
}

/** What `probeProvider` learns from its child, in another environment. */
async function probeWebgpu(env: Environment): Promise<{ usable: boolean; reason: string | null }> {
  const script = path.join(packageRoot, 'dist', 'measure', 'provider-probe.js');
  return JSON.parse(await runNode([script, 'webgpu'], env)) as { usable: boolean; reason: string | null };
}

/** Runs a script of the tests (its path below test/, as .js) in an environment of its own; returns the JSON of each line. */
export async function runInEnvironment<Line>(script: string, args: string[], env: Environment): Promise<Line[]> {
  const file = path.join(packageRoot, 'dist-test', script);
  const text = await runNode([file, ...args], env);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function runNode(args: string[], env: Environment): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      errors += chunk;
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${args[0]} ended with ${signal ?? code}: ${errors}`));
    });
  });
}
