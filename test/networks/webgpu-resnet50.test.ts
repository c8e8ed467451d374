import { testOnWebgpu } from './webgpu-checks.js';

await testOnWebgpu(['resnet50']);
