#!/usr/bin/env node
// The executable. CommonJS, because the thread pool's size must be set before Node first uses the pool, and loading an
// ES module already does: `host` decodes in that pool on every CPU, and its four default threads would cap the rate.
process.env.UV_THREADPOOL_SIZE ??= '64';

import('./main.js').then(
  async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2));
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
