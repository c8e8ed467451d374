#pragma once

#include "gpu/device.h"

namespace orion::gpu {

/** Makes the device current for this thread and sees what memory is free. Throws MissingDevice where there is none with
 * this number. */
Device requireDevice(int index);

}  // namespace orion::gpu
