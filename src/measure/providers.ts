import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MissingDeviceError } from '../base/errors.js';
import { ortFolder } from '../base/package.js';

export type ProviderName = 'cpu' | 'cuda' | 'webgpu';

export interface ProviderStatus {
  name: ProviderName;
  usable: boolean;
  /** ONNX Runtime's own words; null where usable. */
  reason: string | null;
  /** What brings it; null where usable. */
  remedy: string | null;
}

const remedies: Readonly<Record<ProviderName, string>> = {
  cpu: "reinstall with 'npm ci'",
  cuda: `install the CUDA provider (it needs CUDA 12, cuDNN 9 and network access) with 'ONNXRUNTIME_NODE_INSTALL=cuda12 node ${ortFolder()}/script/install.js'`,
  webgpu:
    "install Vulkan's loader with 'apt-get install libvulkan1' (elsewhere: the package that has libvulkan.so.1) and the GPU vendor's driver with its Vulkan part",
};

const probeTimeoutMs = 30_000;

/** Tries a provider for real: a session of one node, in a child process. */
export function probeProvider(name: ProviderName): Promise<ProviderStatus> {
  const script = fileURLToPath(new URL('./provider-probe.js', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [script, name], { timeout: probeTimeoutMs }, (error, stdout) => {
      let outcome: { usable: boolean; reason: string | null };
      try {
        outcome = JSON.parse(stdout) as typeof outcome;
      } catch {
        const died = error?.killed
          ? `no answer within ${probeTimeoutMs / 1000} s`
          : `the probe ended with ${error?.signal ?? error?.code}`;
        outcome = { usable: false, reason: died };
      }
      resolve({ name, ...outcome, remedy: outcome.usable ? null : remedies[name] });
    });
  });
}

/** The sentence for a provider that was asked for and is missing (exit 3). */
export function missingProvider(status: ProviderStatus): MissingDeviceError {
  return new MissingDeviceError(
    `Device '${status.name}' was asked for, but ONNX Runtime cannot use it here (${status.reason}): ${status.remedy}, or ask for '--device cpu'.`,
  );
}
