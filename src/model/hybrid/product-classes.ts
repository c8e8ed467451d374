import type { Workload } from '../../physics/workload.js';
import type { Case } from './cases.js';

/** Classes of operators whose FLOPs count, by the name of their term. */
export const productClasses = { matrix: 'matrix products', convolution: 'convolutions' } as const;
export type ProductClass = keyof typeof productClasses;
const names = Object.keys(productClasses) as ProductClass[];

/** Share of a step's FLOPs from which on a class matters. */
const notable = 0.1;

const has = ({ classes, flops }: Workload, name: ProductClass): boolean => classes[name].flops > notable * flops;

/** Classes that matter to none of the cases. */
export const classesWithout = (cases: readonly Case[]): ProductClass[] =>
  names.filter((name) => !cases.some(({ workload }) => has(workload, name)));

/** Those of the classes that matter to a case, as warnings. */
export const unseenClassWarnings = (unseen: readonly ProductClass[], { workload }: Case): string[] =>
  unseen.filter((name) => has(workload, name)).map((name) => `no fitted row has ${productClasses[name]}`);
