/** What options of the command line may be set to. */
export { phaseChoices } from '../measure/trial/settings.js';
export { optimizers } from '../networks/types.js';
