#!/usr/bin/env node
// The executable: CommonJS that loads the program, so that what fails while it loads is told by the same code.
import('./main.js').then(
  async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2));
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
