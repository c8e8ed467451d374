import { testOnWebgpu } from './webgpu-checks.js';

await testOnWebgpu(['mobilenetv2']);
