import { InputError, messageOf } from '../../base/errors.js';
import { deviceTerms } from '../../physics/device-terms.js';
import { loaderTerms } from '../../physics/loader.js';
import { type JsonObject, numbersOf, objectOf, objectsOf, textOf, textsOf } from '../json-fields.js';
import { deviceFeatures, workFeatures } from './cases.js';
import type { HybridModel } from './model.js';

const format = 'orion-bench predictor';
const version = 1;

/** What a model file holds: names of what its numbers belong to, so that a file of another version is not misread. */
const namesOf = () => ({
  device_terms: deviceTerms,
  loader_terms: loaderTerms,
  work_features: workFeatures,
  device_features: deviceFeatures,
});

/** The model as a document: plain JSON, with nothing in it that belongs to the machine that wrote it. */
export function hybridToJson(model: HybridModel): object {
  return { format, version, names: namesOf(), model };
}

/**
 * Reads what `hybridToJson` wrote, as a part of a larger document too.
 * @param where file that the text is from, for messages
 * Throws InputError where it is no such document, is damaged, or is of another version.
 */
export function hybridFromJson(text: string, where: string): HybridModel {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${where} is not a predictor: it is no valid JSON (${messageOf(error)}); write one with 'fit'.`,
      {
        cause: error,
      },
    );
  }
  const holder = { document };
  const file = objectOf(holder, 'document', where);
  if (file.format !== format) throw new InputError(`${where} is not a predictor: write one with 'fit'.`);
  if (file.version !== version || JSON.stringify(file.names) !== JSON.stringify(namesOf())) {
    throw new InputError(`${where} was written by another version of orion-bench: fit it again.`);
  }
  const model = objectOf(file, 'model', where);
  checkModel(model, where);
  return model as unknown as HybridModel;
}

function finiteNumber(from: JsonObject, field: string, where: string, mayBeNull = false): void {
  const value = from[field];
  if (typeof value === 'number' || (mayBeNull && value === null)) return;
  throw new InputError(`${where}: its field '${field}' is not a number.`);
}

function checkCorrection(correction: JsonObject, where: string): void {
  const kernel = objectOf(correction, 'kernel', where);
  for (const field of ['transferable', 'offset', 'particular', 'workLength', 'deviceLength']) {
    finiteNumber(kernel, field, where);
  }
  numbersOf(correction, 'workMean', where, workFeatures.length);
  numbersOf(correction, 'workScale', where, workFeatures.length);
  const centres = objectsOf(correction, 'centres', where);
  numbersOf(correction, 'weights', where, centres.length);
  for (const centre of centres) {
    numbersOf(centre, 'work', where, workFeatures.length);
    numbersOf(centre, 'device', where, deviceFeatures.length);
  }
}

function checkDevices(from: JsonObject, where: string): void {
  for (const device of objectsOf(from, 'devices', where)) {
    textOf(device, 'name', where);
    numbersOf(device, 'device', where, deviceFeatures.length);
    finiteNumber(device, 'halfWidth', where);
  }
}

function checkRanges(ranges: JsonObject, field: string, count: number, where: string): void {
  const list = ranges[field];
  const fits = Array.isArray(list) && list.length === count;
  if (!fits) throw new InputError(`${where}: its field '${field}' is not a list of ${count} ranges.`);
  for (const range of list) numbersOf({ [field]: range }, field, where, 2);
}

function checkModel(model: JsonObject, where: string): void {
  const device = objectOf(model, 'device', where);
  numbersOf(device, 'coefficients', where, deviceTerms.length);
  if (device.correction !== null) checkCorrection(objectOf(device, 'correction', where), where);
  for (const field of ['transfer', 'networkTransfer', 'handoverMs']) finiteNumber(model, field, where);
  for (const field of ['unseenHalfWidth', 'unseenNetworkHalfWidth']) finiteNumber(model, field, where, true);
  const ofKind = objectOf(model, 'unseenHalfWidthOfKind', where);
  for (const kind of Object.keys(ofKind)) finiteNumber(ofKind, kind, where);
  textsOf(model, 'unseenClasses', where);
  for (const network of objectsOf(model, 'networks', where)) {
    textOf(network, 'name', where);
    numbersOf(network, 'parameterBytes', where, 2);
  }
  if (model.loader !== null) {
    const loader = objectOf(model, 'loader', where);
    numbersOf(loader, 'coefficients', where, loaderTerms.length);
    finiteNumber(loader, 'waitingRows', where);
    numbersOf(loader, 'workers', where);
    textsOf(loader, 'storageModes', where);
    const contention = objectOf(loader, 'contention', where);
    for (const field of ['cpu', 'accelerator']) finiteNumber(contention, field, where);
  }
  checkDevices(model, where);
  for (const calibration of objectsOf(model, 'calibrations', where)) {
    checkCorrection(objectOf(calibration, 'correction', where), where);
    checkDevices(calibration, where);
  }
  const ranges = objectOf(model, 'ranges', where);
  checkRanges(ranges, 'work', workFeatures.length, where);
  checkRanges(ranges, 'device', deviceFeatures.length, where);
  objectOf(model, 'kernel', where);
}
