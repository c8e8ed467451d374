// Where and with what the numbers were obtained.
import { orionVersion, ortVersion } from '../../../dist/base/package.js';
import { hostFacts } from '../../../dist/measure/host-facts.js';

export function machineFacts() {
  return {
    ...hostFacts(),
    orion_version: orionVersion,
    ort_version: ortVersion(),
    node_version: process.version,
    started_at: new Date().toISOString(),
  };
}
