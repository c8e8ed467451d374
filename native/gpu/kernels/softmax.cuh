// Softmax of each row of a matrix [rows, columns], as attention takes it (1,024 and 4,096 scores) and the loss of a
// language model (32,000 or 50,304 logits; in fp32 the latter would not fit the registers of a block everywhere):
// exp(x - maximum) / sum, fused, one read and one write of the matrix. Bytes count both.
// `softmax-<rows>x<columns>` in fp32, `...-fp16` with fp16 elements and fp32 arithmetic.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> softmaxCases(const Device& device);

}  // namespace orion::gpu
