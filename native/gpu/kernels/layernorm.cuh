// Layer normalisation of each row of a matrix [rows, columns]: (x - mean) / sqrt(variance + epsilon) * gamma + beta,
// fused, one read and one write of the matrix (Ba, Kiros and Hinton, arXiv:1607.06450). Bytes count both; gamma and
// beta, which stay in cache, do not count. `layernorm-<rows>x<columns>` in fp32, `...-fp16` with fp16 elements and fp32
// arithmetic.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> layernormCases(const Device& device);

}  // namespace orion::gpu
