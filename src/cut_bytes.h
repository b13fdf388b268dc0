/*
 * What the layers that change every byte share: bytes that came out of one, and how they are put
 * back. Within the family cut_*.
 */
#ifndef HSN_CUT_BYTES_H
#define HSN_CUT_BYTES_H

#include "inspect.h"

/* Printable ASCII, white space, or bytes of UTF-8: so it is with nearly all of them. */
bool hsn_looks_like_text(const unsigned char *p, size_t n);
/* The first bytes of pictures, sound, fonts, archives, programs. */
bool hsn_is_media(hsn_str v);

/* Decoded bytes, whatever they are: text is inspected as such, the rest by hsn_cut_binary. False:
 * they are nothing that is known, or begin like media, as few bytes do by chance. */
bool hsn_inspect_bytes(hsn_inspector *in, hsn_str plain, const hsn_site *site, hsn_edits *out);

/* Hexadecimal digits and base32 from text[at] on, in a run of base64 characters (cut_hex.c). False:
 * nothing was found in them, and they may be something else. */
bool hsn_cut_hex(hsn_inspector *in, hsn_str text, size_t at, size_t run_end, const hsn_site *site,
                 size_t *end, hsn_edits *out);
bool hsn_cut_base32(hsn_inspector *in, hsn_str text, size_t at, size_t run_end,
                    const hsn_site *site, size_t *end, hsn_edits *out);

/* CBOR or MessagePack, if that is what all of the bytes are (cut_packed.c). */
bool hsn_cut_packed(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);

/* A message of Protocol Buffers, or frames of gRPC, that passes for text (cut_framed.c). */
bool hsn_is_framed(hsn_str t);
/* As hsn_inspect_text, with edits that keep the length of what they replace. */
void hsn_inspect_framed(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);

/* The text with the edits made, which come back settled; *tmp is to be wiped. */
hsn_str hsn_edited(hsn_inspector *in, hsn_str text, hsn_edits *inner, hsn_buf *tmp);

/* Adds `plain` as a layer spells it; `how` tells which spelling. False when `out` failed. */
typedef bool hsn_encode_fn(hsn_buf *out, hsn_str plain, const void *how);

/* Encodes `text` again, with the edits of it made, and adds that as one edit of off, len, in memory
 * that outlives the layer; nothing for no edits. */
void hsn_encode_edited(hsn_inspector *in, hsn_str text, hsn_edits *inner, hsn_encode_fn *encode,
                       const void *how, size_t off, size_t len, hsn_edits *out);
/* The same in base64 (cut_base64.c). */
void hsn_encode_base64(hsn_inspector *in, hsn_str text, hsn_edits *inner, const hsn_base64 *how,
                       size_t off, size_t len, hsn_edits *out);

#endif
