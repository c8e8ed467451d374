/** What options of the command line may be set to. */
export { optimizers } from '../networks/types.js';
