/*
 * Private to what reads HTML and XML (spot_tag.c, spot_caption.c): start tags and their attributes.
 */
#ifndef HSN_SPOT_TAG_H
#define HSN_SPOT_TAG_H

#include "spot.h"

enum { HSN_TAG_ATTRIBUTES = 10 /* names that are of use */ };

typedef struct hsn_attribute {
    hsn_str name;
    size_t from; /* of the value, in the text */
    size_t to;
} hsn_attribute;

typedef struct hsn_tag {
    hsn_str name;
    hsn_attribute a[HSN_TAG_ATTRIBUTES];
    size_t n;
    size_t end; /* behind the > */
} hsn_tag;

/* The tag whose < is at `at`. False: no start tag, but a < of a script, say. out->end is behind
 * what was read in either case. */
bool hsn_tag_read(hsn_str t, size_t at, hsn_tag *out);

/* The first of the names that the tag has as an attribute, NULL for none. */
const hsn_attribute *hsn_tag_attribute(const hsn_tag *g, const hsn_str *names, size_t n);

/* text[from, to) as the value of the field `name`. */
void hsn_tag_inspect(hsn_scan *s, size_t from, size_t to, hsn_str name);

/* Could there be a caption before the < at `at`? Most texts end in any word, or there is none. */
static inline bool hsn_tag_may_be_captioned(const hsn_scan *s, size_t at)
{
    if (at < 3 || s->text.n - at < 3) {
        return false;
    }
    const unsigned char *p = s->text.p + at;
    if (p[1] != '/') {
        return p[-1] == ' ' || p[-1] == ':' || p[-1] == '\n';
    }
    return p[-1] != '>' && (!hsn_is_alnum(p[-1]) || !hsn_is_alnum(p[-2]) || !hsn_is_alnum(p[-3]) ||
                            hsn_triples_has(s->names, hsn_triple(p[-3], p[-2], p[-1])));
}

/* At the < of a tag with text before it: does that say what the next text is? */
void hsn_spot_caption(hsn_scan *s, size_t at);

#endif
