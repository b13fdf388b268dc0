/*
 * A pipe that gets the content of a file, for the driver and for what is loaded into the command.
 */
#ifndef HSN_TESTS_PIPE_H
#define HSN_TESTS_PIPE_H

/* The end to read from; the file is written into it by a process of its own. */
int pipe_from(const char *path);

#endif
