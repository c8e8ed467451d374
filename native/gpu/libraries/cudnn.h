// A convolution by NVIDIA's cuDNN, found at run time: the rate that a deep-learning framework reaches.
//
// A 3 x 3 convolution of ResNet's second stage, forward: 64 images of 56 x 56, 64 channels in and out (NHWC, fp16,
// padded by 1, accumulated in fp32). Two FLOPs per multiply-add of the direct sum, padding included, whichever way the
// library computes it; bytes: images, filters and output once.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

/** cudnn-conv-...; `cudnn` alone, to be skipped, where the library is absent. */
std::vector<Case> cudnnCases(const Device& device);

}  // namespace orion::gpu
