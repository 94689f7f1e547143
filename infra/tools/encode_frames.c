/*
 * encode-frames: encodes 4:2:0 frames out of shared memory, or out of a file, as an H.264 stream in FLV.
 *
 * Copyright (C) 2026 The Reelsmith authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Why this file has its own licence: libx264 is GPL-2.0-or-later, and this is the only code of the project that loads
 * it. The rest of Reelsmith starts this program as a process and reads its output, and stays Apache-2.0.
 *
 * Why not ffmpeg: it reads frames through a pipe into packets of its own, copies those into frames, and both cost; here
 * libx264 reads them where they lie. Why dlopen: one build runs with any copy of the library of the known build number.
 *
 * Shape
 *   encode-frames --lib PATH --frames PATH --width N --height N --fps N --preset NAME [--look-ahead N] --crf N
 *                 --keyint N [--threads N] (--slots N | --count N) --out FILE.flv
 *   --frames is a file, or `fd:N` for a descriptor that was inherited. It is mapped and holds frames one after another: planes Y, U and V, 8 bit, BT.709 in limited range, no header.
 *   --slots N (1 to 64): the file is a ring of N slots. Each byte on stdin names the slot of the next frame, in order of
 *     time; the same byte on stdout says that the slot may be written again. The end of stdin is the end of the video.
 *   --count N: the file holds N frames, encoded in their order; nothing is read from stdin.
 *   --look-ahead N (1 to 250): frames seen ahead of their time, whose worth for later ones decides their quality, in a
 *     preset that looks at none.
 *   --threads N (1 to 64): else as many as the cores ask for.
 *   --out: H.264 High, closed groups. The container's millisecond stands for one frame, so that times are exact at any
 *     rate: the tags have the decoding times 0, 1, 2, and so on, and a frame is shown by its composition offset later.
 *     The parameter sets are in the first tag only; streams whose first tags are equal may be put one after another.
 * Promises
 *   The same frames, settings and number of cores give the same stream, whichever instructions the processor has, and
 *   nothing of the machine is written into it.
 * Errors
 *   exit 0 ok; 2 bad arguments; 3 no usable library; 4 the encoder or the file system failed; the reason is on stderr.
 * Source
 *   x264.h of build 165 (read 2026-11-21); its struct layouts are fixed by the build number in x264_encoder_open_165.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_USAGE = 2, EXIT_LIBRARY = 3, EXIT_ENCODER = 4 };

#define SIDE_MAX 16384
#define SLOTS_MAX 64
/* The library's own parameter struct has under 1 KiB; the room behind it is never touched. */
#define PARAM_BYTES 8192
#define PICTURE_BYTES 4096
/* Of FLV: the head of a tag, and of the video in it. */
#define TAG_BYTES 11
#define VIDEO_BYTES 5
#define TAG_VIDEO 9
#define SETS_BYTES_MAX 512

/* The library's API, as far as it is used. */
enum { CSP_I420 = 2 };

typedef union {
  struct {
    uint32_t cpu;
    int threads, lookahead_threads, sliced_threads, deterministic, cpu_independent, sync_lookahead;
    int width, height, csp, bit_depth, level, frame_total;
  } head;
  char room[PARAM_BYTES];
} parameters;

typedef struct {
  int csp, planes;
  int stride[4];
  uint8_t *plane[4];
} image;

typedef union {
  struct {
    int type, qp_plus_1, pic_struct, keyframe;
    int64_t pts, dts;
    void *parameters;
    image image;
  } head;
  char room[PICTURE_BYTES];
} picture;

typedef struct {
  int ref_idc, type, long_start_code, first_mb, last_mb, payload_bytes;
  uint8_t *payload;
  int padding;
} unit;

typedef struct {
  int (*param_default_preset)(parameters *into, const char *preset, const char *tune);
  int (*param_parse)(parameters *into, const char *name, const char *value);
  int (*param_apply_profile)(parameters *into, const char *profile);
  void (*picture_init)(picture *into);
  void *(*open)(parameters *from);
  int (*headers)(void *encoder, unit **units, int *count);
  int (*encode)(void *encoder, unit **units, int *count, picture *in, picture *out);
  int (*delayed_frames)(void *encoder);
  void (*close)(void *encoder);
} library;

typedef struct {
  const char *library, *frames, *preset, *look_ahead, *threads, *crf, *keyint, *fps, *out;
  long width, height, slots, count;
} options;

typedef struct {
  const uint8_t *bytes;
  size_t frame_bytes, frames;
} shelf;

typedef struct {
  library api;
  void *encoder;
  picture in;
  FILE *out;
  int64_t next;    /* presentation number of the next frame in */
  uint32_t tags;   /* frames out */
  int64_t delay;   /* frames by which decoding runs ahead of presentation */
} session;

static int complain(int status, const char *what, const char *detail) {
  fprintf(stderr, "encode-frames: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
  return status;
}

/* A whole number in a range, else -1. */
static long number(const char *text, long least, long most) {
  char *end = NULL;
  errno = 0;
  long value = strtol(text, &end, 10);
  return errno || end == text || *end || value < least || value > most ? -1 : value;
}

static int parse(int count, char **values, options *into) {
  for (int i = 1; i + 1 < count; i += 2) {
    const char *name = values[i], *value = values[i + 1];
    if (!strcmp(name, "--lib")) into->library = value;
    else if (!strcmp(name, "--frames")) into->frames = value;
    else if (!strcmp(name, "--preset")) into->preset = value;
    else if (!strcmp(name, "--look-ahead") && number(value, 1, 250) >= 0) into->look_ahead = value;
    else if (!strcmp(name, "--threads") && number(value, 1, 64) >= 0) into->threads = value;
    else if (!strcmp(name, "--crf") && number(value, 0, 51) >= 0) into->crf = value;
    else if (!strcmp(name, "--keyint") && number(value, 1, 100000) >= 0) into->keyint = value;
    else if (!strcmp(name, "--fps") && number(value, 1, 1000) >= 0) into->fps = value;
    else if (!strcmp(name, "--out")) into->out = value;
    else if (!strcmp(name, "--width")) into->width = number(value, 2, SIDE_MAX);
    else if (!strcmp(name, "--height")) into->height = number(value, 2, SIDE_MAX);
    else if (!strcmp(name, "--slots")) into->slots = number(value, 1, SLOTS_MAX);
    else if (!strcmp(name, "--count")) into->count = number(value, 1, INT32_MAX);
    else return complain(EXIT_USAGE, "unknown or impossible argument", name);
  }
  int whole = into->library && into->frames && into->preset && into->crf && into->keyint && into->fps && into->out;
  int sized = into->width > 0 && into->height > 0 && into->width % 2 == 0 && into->height % 2 == 0;
  int fed = (into->slots > 0) != (into->count > 0);
  if (count % 2 && whole && sized && fed) return EXIT_OK;
  return complain(EXIT_USAGE, "--lib, --frames, an even --width and --height, --fps, --preset, --crf, --keyint, --out "
                              "and one of --slots and --count are needed", NULL);
}

static int load(const char *path, library *into) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return complain(EXIT_LIBRARY, "cannot load the encoder", dlerror());
  struct {
    const char *name;
    void *slot;
  } wanted[] = {
      {"x264_param_default_preset", &into->param_default_preset},
      {"x264_param_parse", &into->param_parse},
      {"x264_param_apply_profile", &into->param_apply_profile},
      {"x264_picture_init", &into->picture_init},
      {"x264_encoder_open_165", &into->open},
      {"x264_encoder_headers", &into->headers},
      {"x264_encoder_encode", &into->encode},
      {"x264_encoder_delayed_frames", &into->delayed_frames},
      {"x264_encoder_close", &into->close},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    void *symbol = dlsym(handle, wanted[i].name);
    if (!symbol) return complain(EXIT_LIBRARY, "the encoder is of another build", wanted[i].name);
    memcpy(wanted[i].slot, &symbol, sizeof symbol);
  }
  return EXIT_OK;
}

/* Maps all frames; the descriptor may go, the map stays. */
static int map(const options *asked, shelf *into) {
  into->frame_bytes = (size_t)asked->width * (size_t)asked->height / 2 * 3;
  into->frames = (size_t)(asked->slots > 0 ? asked->slots : asked->count);
  size_t bytes = into->frame_bytes * into->frames;
  int inherited = !strncmp(asked->frames, "fd:", 3);
  int file = inherited ? (int)number(asked->frames + 3, 0, INT32_MAX) : open(asked->frames, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) return complain(EXIT_ENCODER, "cannot open the frames", strerror(errno));
  if ((uint64_t)status.st_size < bytes) return complain(EXIT_USAGE, "--frames is shorter than its frames", NULL);
  void *start = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, 0);
  if (start == MAP_FAILED) return complain(EXIT_ENCODER, "cannot map the frames", strerror(errno));
  close(file);
  into->bytes = start;
  return EXIT_OK;
}

static int open_encoder(const options *asked, session *into) {
  library *api = &into->api;
  parameters chosen;
  memset(&chosen, 0, sizeof chosen);
  if (api->param_default_preset(&chosen, asked->preset, NULL) != 0)
    return complain(EXIT_USAGE, "unknown --preset", asked->preset);
  chosen.head.width = (int)asked->width;
  chosen.head.height = (int)asked->height;
  chosen.head.csp = CSP_I420;
  const char *pairs[][2] = {
      {"fps", asked->fps}, {"crf", asked->crf}, {"keyint", asked->keyint},
      {"force-cfr", "1"}, {"annexb", "0"}, {"repeat-headers", "0"},
      {"fullrange", "off"}, {"colorprim", "bt709"}, {"transfer", "bt709"}, {"colormatrix", "bt709"},
      /* Else two runs differ where the width is no multiple of 128: with AVX-512 the library spreads costs of macroblocks
       * eight at a time, past the end of a row, and after the last one that is memory which nobody wrote. So it takes
       * its plain functions there, and the stream is the same on any processor. */
      {"cpu-independent", "1"}, {"log", "1"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    if (api->param_parse(&chosen, pairs[i][0], pairs[i][1]) != 0)
      return complain(EXIT_LIBRARY, "the encoder refuses an option", pairs[i][0]);
  }
  if (asked->look_ahead && (api->param_parse(&chosen, "rc-lookahead", asked->look_ahead) != 0 ||
                            api->param_parse(&chosen, "mbtree", "1") != 0))
    return complain(EXIT_LIBRARY, "the encoder refuses an option", "rc-lookahead");
  if (asked->threads && api->param_parse(&chosen, "threads", asked->threads) != 0)
    return complain(EXIT_LIBRARY, "the encoder refuses an option", "threads");
  if (api->param_apply_profile(&chosen, "high") != 0) return complain(EXIT_LIBRARY, "the encoder has no profile", "high");
  into->encoder = api->open(&chosen);
  if (!into->encoder) return complain(EXIT_LIBRARY, "the encoder does not start", NULL);
  api->picture_init(&into->in);
  image *plane = &into->in.head.image;
  plane->csp = CSP_I420;
  plane->planes = 3;
  plane->stride[0] = (int)asked->width;
  plane->stride[1] = plane->stride[2] = (int)asked->width / 2;
  return EXIT_OK;
}

static void put(uint8_t *at, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

/* One tag: `kind` is 0 for parameter sets and 1 for a frame. */
static int write_tag(session *with, int kind, int keyframe, int32_t offset, const uint8_t *body, uint32_t bytes) {
  uint8_t head[TAG_BYTES + VIDEO_BYTES] = {TAG_VIDEO}, tail[4];
  uint32_t time = kind ? with->tags : 0;
  put(head + 1, bytes + VIDEO_BYTES, 3);
  put(head + 4, time & 0xffffff, 3);
  head[7] = (uint8_t)(time >> 24);
  head[11] = keyframe ? 0x17 : 0x27; /* H.264, with or without need of the frames before */
  head[12] = (uint8_t)kind;
  put(head + 13, (uint32_t)offset & 0xffffff, 3);
  put(tail, TAG_BYTES + VIDEO_BYTES + bytes, 4);
  if (bytes > 0xffffff - VIDEO_BYTES) return complain(EXIT_ENCODER, "a frame is larger than its tag", NULL);
  if (fwrite(head, sizeof head, 1, with->out) != 1 || fwrite(body, bytes, 1, with->out) != 1 ||
      fwrite(tail, sizeof tail, 1, with->out) != 1)
    return complain(EXIT_ENCODER, "cannot write the stream", strerror(errno));
  return EXIT_OK;
}

/* The file's head and the parameter sets, as ISO/IEC 14496-15 puts them (avcC). */
static int write_head(session *with) {
  static const uint8_t flv[] = {'F', 'L', 'V', 1, 1, 0, 0, 0, 9, 0, 0, 0, 0};
  uint8_t sets[SETS_BYTES_MAX] = {1, 0, 0, 0, 0xff, 0xe1};
  unit *units = NULL;
  int count = 0;
  if (with->api.headers(with->encoder, &units, &count) < 0 || count < 2)
    return complain(EXIT_ENCODER, "the encoder has no parameter sets", NULL);
  size_t at = 6;
  for (int i = 0; i < 2; i++) {
    /* Each unit begins with its length in four bytes. */
    size_t bytes = (size_t)units[i].payload_bytes - 4;
    if (at + bytes + 3 > sizeof sets) return complain(EXIT_ENCODER, "parameter sets of this size are unknown", NULL);
    if (i == 1) sets[at++] = 1;
    put(sets + at, (uint32_t)bytes, 2);
    memcpy(sets + at + 2, units[i].payload + 4, bytes);
    at += 2 + bytes;
  }
  memcpy(sets + 1, sets + 9, 3); /* profile, compatibility and level out of the sequence's set */
  if (fwrite(flv, sizeof flv, 1, with->out) != 1) return complain(EXIT_ENCODER, "cannot write the stream", strerror(errno));
  return write_tag(with, 0, 1, 0, sets, (uint32_t)at);
}

/* One frame in, or none at the end; at most one frame out. */
static int step(session *with, picture *in) {
  unit *units = NULL;
  int count = 0;
  picture out;
  int bytes = with->api.encode(with->encoder, &units, &count, in, &out);
  if (bytes < 0) return complain(EXIT_ENCODER, "the encoder failed", NULL);
  if (bytes == 0) return EXIT_OK;
  if (with->tags == 0) with->delay = out.head.pts - out.head.dts;
  /* The units of a frame lie one after another. */
  int32_t offset = (int32_t)(out.head.pts + with->delay - with->tags);
  int status = write_tag(with, 1, out.head.keyframe, offset, units[0].payload, (uint32_t)bytes);
  with->tags++;
  return status;
}

static int encode(session *with, const options *asked, const uint8_t *frame) {
  size_t luma = (size_t)asked->width * (size_t)asked->height;
  image *plane = &with->in.head.image;
  plane->plane[0] = (uint8_t *)frame;
  plane->plane[1] = plane->plane[0] + luma;
  plane->plane[2] = plane->plane[1] + luma / 4;
  with->in.head.pts = with->next++;
  return step(with, &with->in);
}

static int encode_ring(session *with, const options *asked, const shelf *frames) {
  for (;;) {
    unsigned char slot;
    ssize_t got = read(STDIN_FILENO, &slot, 1);
    if (got == 0) return EXIT_OK;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return complain(EXIT_ENCODER, "cannot read the next slot", strerror(errno));
    if (slot >= frames->frames) return complain(EXIT_USAGE, "a slot that is not there", NULL);
    int status = encode(with, asked, frames->bytes + slot * frames->frame_bytes);
    if (status != EXIT_OK) return status;
    if (write(STDOUT_FILENO, &slot, 1) != 1) return complain(EXIT_ENCODER, "cannot give a slot back", strerror(errno));
  }
}

static int encode_all(session *with, const options *asked, const shelf *frames) {
  int status = EXIT_OK;
  for (size_t i = 0; i < frames->frames && status == EXIT_OK; i++)
    status = encode(with, asked, frames->bytes + i * frames->frame_bytes);
  return status;
}

static int run(session *with, const options *asked, const shelf *frames) {
  with->out = fopen(asked->out, "wb");
  if (!with->out) return complain(EXIT_ENCODER, "cannot create the stream", strerror(errno));
  int status = write_head(with);
  if (status == EXIT_OK) status = asked->slots > 0 ? encode_ring(with, asked, frames) : encode_all(with, asked, frames);
  while (status == EXIT_OK && with->api.delayed_frames(with->encoder) > 0) status = step(with, NULL);
  if (fclose(with->out) != 0 && status == EXIT_OK)
    status = complain(EXIT_ENCODER, "cannot write the stream", strerror(errno));
  if (status != EXIT_OK) unlink(asked->out);
  return status;
}

int main(int count, char **values) {
  options asked = {0};
  session with = {0};
  shelf frames = {0};
  int status = parse(count, values, &asked);
  if (status == EXIT_OK) status = load(asked.library, &with.api);
  if (status == EXIT_OK) status = map(&asked, &frames);
  if (status == EXIT_OK) status = open_encoder(&asked, &with);
  if (status == EXIT_OK) status = run(&with, &asked, &frames);
  if (with.encoder) with.api.close(with.encoder);
  return status;
}
