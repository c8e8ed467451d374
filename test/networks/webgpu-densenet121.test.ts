import { testOnWebgpu } from './webgpu-checks.js';

await testOnWebgpu(['densenet121']);
