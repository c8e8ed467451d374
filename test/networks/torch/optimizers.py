"""Optimizers that torch.optim lacks, under the names of the `optimizer` column."""

import torch


class Adafactor(torch.optim.Optimizer):
    """ORION's plain second-moment form (torch.optim has the factored one in later versions, under this name)."""

    def __init__(self, parameters, lr, beta2, eps):
        super().__init__(parameters, {"lr": lr, "beta2": beta2, "eps": eps})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                square = self.state[parameter].setdefault("square", torch.zeros_like(parameter))
                square.mul_(group["beta2"]).add_(parameter.grad**2, alpha=1 - group["beta2"])
                parameter.sub_(group["lr"] * parameter.grad / (square.sqrt() + group["eps"]))
