"""Python's side of the evaluation bench: the same requests as ours.mjs answers, from finished feature matrices."""

import json
import sys
import time

import numpy
import pandas
import xgboost
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, LeaveOneGroupOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TABLES = {
    "folds": {"overall": ["model"], "configurations": ["model", "vcpu", "storage"]},
    "unseen": {
        "summary": ["gpu_name"],
        "vcpu": ["gpu_name", "model", "vcpu"],
        "storage": ["gpu_name", "model", "storage"],
        "batch": ["gpu_name", "model", "batch_size"],
    },
}


class Peer:
    def open(self, sides, keys, threads, trees):
        self.keys = pandas.DataFrame(keys)
        self.sides = {
            side["name"]: (
                numpy.fromfile(side["features"]).reshape(-1, side["columns"]),
                numpy.fromfile(side["targets"]),
            )
            for side in sides
        }
        self.parameters = dict(
            n_estimators=trees, learning_rate=0.045, max_depth=9, subsample=0.9, colsample_bytree=0.9,
            reg_lambda=1.2, reg_alpha=0, random_state=42, objective="reg:squarederror", n_jobs=threads,
        )
        return {}

    def evaluate(self):
        begin = time.perf_counter()
        self.fits = 0
        rows = numpy.arange(len(self.keys))
        splits = {
            "folds": list(KFold(5, shuffle=True, random_state=42).split(rows)),
            "unseen": list(LeaveOneGroupOut().split(rows, groups=self.keys.gpu_name)),
        }
        rmse = {}
        for protocol, folds in splits.items():
            for name, (features, targets) in self.sides.items():
                predicted = self.predict(folds, features, targets)
                for table, by in TABLES[protocol].items():
                    rmse.update(self.by_group(table, by, predicted, name))
        return {"ms": 1000 * (time.perf_counter() - begin), "fits": self.fits, "rmse": rmse}

    def predict(self, folds, features, targets):
        predicted = numpy.empty(len(targets))
        for training, held_out in folds:
            model = make_pipeline(
                SimpleImputer(strategy="median"), StandardScaler(), xgboost.XGBRegressor(**self.parameters)
            )
            model.fit(features[training], targets[training])
            predicted[held_out] = model.predict(features[held_out])
            self.fits += 1
        return predicted

    def by_group(self, table, by, predicted, recipe):
        squares = (self.keys.avg_batch_time_ms - predicted) ** 2
        means = squares.groupby([self.keys[column] for column in by]).mean()
        return {
            "|".join([table, *map(str, key if isinstance(key, tuple) else (key,)), recipe]): value**0.5
            for key, value in means.items()
        }


def main():
    peer = Peer()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = peer.open(**request["open"]) if "open" in request else peer.evaluate()
        except Exception as error:
            answer = {"error": f"Python: {error}"}
        print(json.dumps(answer), flush=True)


main()
