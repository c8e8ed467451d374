import type { SessionSettings, StepRequest, StepTime } from './session/messages.js';
import { SessionHost } from './session/session-host.js';

/**
 * Time of one training step, or of one forward pass in inference, without loader and without the fixed cost of a run, on a
 * batch of made-up numbers.
 */
export async function measureStep(settings: SessionSettings, request: StepRequest): Promise<StepTime> {
  const host = new SessionHost();
  try {
    await host.open(settings);
    return await host.measureStep(request);
  } finally {
    await host.close();
  }
}
