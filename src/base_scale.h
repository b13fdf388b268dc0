/*
 * How many times smaller than in earnest batches, windows, segments and memos are: 1, or what
 * HARSAN_SMALL says. Fuzz targets are built with 16, so that inputs of a few kilobytes come to many
 * batches, to strings beyond the window and to memos that are full.
 */
#ifndef HSN_BASE_SCALE_H
#define HSN_BASE_SCALE_H

#ifdef HARSAN_SMALL
enum { HSN_SCALE = HARSAN_SMALL };
#else
enum { HSN_SCALE = 1 };
#endif

#endif
