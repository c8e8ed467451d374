/** Long column names that several steps use. */
export const bandwidth = 'GPU Memory Bandwidth (GB/s)';
export const memory = 'Memory (GB)';
