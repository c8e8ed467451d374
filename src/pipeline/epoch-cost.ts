import type { Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { datasetEntry } from '../data/catalogue.js';
import { findCard, readCatalogue } from '../records/catalogue.js';
import { readRecords } from '../records/read.js';

/** Samples of a pass over the row's data set, as it is published. */
export const samplesOfEpoch = (row: Row): number => datasetEntry(String(row.dataset)).trainingSamples;

/**
 * Prices per hour by the catalogue's GPU names, from a CSV with the columns `gpu_name` and `price_per_hour`. Throws
 * InputError for a price that is not positive; GPUs that the catalogue does not know are passed over.
 */
export async function readPrices(file: string): Promise<Map<string, number>> {
  const { rows } = await readRecords([file], { required: ['gpu_name', 'price_per_hour'] });
  const catalogue = readCatalogue();
  const prices = new Map<string, number>();
  for (const { gpu_name, price_per_hour: price } of rows) {
    if (!(typeof price === 'number' && price > 0)) {
      throw new InputError(`${file}: the price_per_hour of '${gpu_name}' must be a positive number, not '${price}'.`);
    }
    const card = findCard(catalogue, String(gpu_name));
    if (card) prices.set(card.name, price);
  }
  return prices;
}
