import { testOnWebgpu } from './webgpu-checks.js';

await testOnWebgpu(['vgg16']);
