#pragma once

#include "storage/engine.h"
#include "storage/request.h"

namespace orion::storage {

/**
 * Reads the targets as requested and reports rates and latencies of the time after the ramp. Nothing is ever written.
 * A read that fails ends it: the result then has the `failure` and what was measured until then. Throws BadInput for
 * targets or sizes that cannot be measured, MissingEngine for a named engine that is not usable.
 */
Measurement measure(const Request& request);

/** The same with any engine; `measure` calls it with the chosen one. */
Measurement measureWith(const Request& request, const MakeEngine& makeEngine);

}  // namespace orion::storage
