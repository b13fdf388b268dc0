/*
 * Mutations of a HAR that leave it JSON: for targets whose inputs, changed byte by byte, would
 * nearly all end in the tokenizer.
 */
#ifndef HSN_FUZZ_SHAPE_H
#define HSN_FUZZ_SHAPE_H

#include "base.h"

/* libFuzzer's own mutation, which a mutator may call; NULL where another fuzzer runs the target. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
/* What libFuzzer calls in its place. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

/* Changes one value of `text`, in place; the new length, 0 when the text is no JSON or would be
 * longer than `max`. The same seed makes the same change. */
size_t shape_mutate(uint8_t *text, size_t n, size_t max, unsigned seed);

#endif
