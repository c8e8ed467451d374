import { evaluatedLabel } from '../base/columns.js';
import type { FigureKind } from './figure.js';
import { notReal, recordsBehind } from './provenance.js';
import { allOf, hasBaselines, rmseBars } from './rmse-bars.js';
import { titleOf, unseenGroups } from './unseen.js';

/** RMSE of all recipes on what was left out of the fit: GPUs, families of them, networks, ... */
export const unseenBaselines: FigureKind = {
  name: 'unseen-baselines',
  draw(inputs) {
    const { family, unseen: rows } = inputs;
    const groups = unseenGroups(rows, allOf);
    if (!hasBaselines(groups)) {
      return { reason: 'there is no RMSE of mean, roofline or hybrid per unseen GPU: run logo with them' };
    }
    const title = titleOf(rows[0]!);
    const label = evaluatedLabel[family];
    return {
      specs: rmseBars(groups, title, notReal(recordsBehind(inputs)).join(' · ')),
      title: `Prediction error by ${title.replace('Unseen', 'unseen')} beside plain baselines, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models (lower is better): the mean of the ` +
        'training rows and the plain roofline beside PreNeT, ORION and our own predictor (hybrid), for each group of bars ' +
        'fitted to the records of all the others.',
    };
  },
};
