"""XGBoost's side of the boosting bench: the same requests as engine.mjs answers."""

import json
import sys
import time

import numpy
import xgboost


def read_rows(featuresFile, targetsFile, rows, columns):
    return numpy.fromfile(featuresFile, "float32").reshape(rows, columns), numpy.fromfile(targetsFile, "float32")


class Peer:
    def open(self, train, test, parameters, threads):
        self.train, self.test = read_rows(**train), read_rows(**test)
        self.parameters = {**parameters, "n_jobs": threads}
        return {}

    def fit(self):
        self.model = xgboost.XGBRegressor(**self.parameters)
        return timed(lambda: self.model.fit(*self.train))

    def predict(self):
        # Without a DMatrix between: XGBoost's quickest way from an array to predictions.
        booster = self.model.get_booster()
        booster.set_param({"nthread": self.parameters["n_jobs"]})
        return timed(lambda: booster.inplace_predict(self.test[0]))

    def predictions(self):
        return {"predictions": self.model.predict(self.test[0]).tolist()}


def timed(work):
    begin = time.perf_counter()
    work()
    return {"ms": 1000 * (time.perf_counter() - begin)}


def main():
    peer = Peer()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "open" in request:
                answer = peer.open(**request["open"])
            else:
                (name,) = request
                answer = getattr(peer, name)()
        except Exception as error:
            answer = {"error": f"XGBoost: {error}"}
        print(json.dumps(answer), flush=True)


main()
