/*
 * speak-words: reads UTF-8 text and writes a WAV file plus the time of every word.
 *
 * Copyright (C) 2026 The Reelsmith authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Why this file has its own licence: libespeak-ng is GPL-3.0-or-later, and this is the only code of the project that
 * loads it. The rest of Reelsmith starts this program as a process and reads its output, and stays Apache-2.0.
 *
 * Why dlopen: the part of the engine's C API used here has been stable since eSpeak 1.x, so declaring it needs neither
 * headers nor a -dev package, and one build runs with any copy of the library.
 *
 * Shape
 *   speak-words --lib PATH --data PATH --voice NAME --rate WPM --out FILE.wav  < text
 *   stdout: {"sample_rate":22050,"duration_ms":1234,"words":[{"start_char":0,"chars":5,"at_ms":0},...]}
 *   start_char counts Unicode scalar values from 0; words are in reading order, never overlap, and lie inside the text.
 * Limits
 *   TEXT_BYTES_MAX: one script is below 8 KiB; the limit only keeps a runaway caller from filling the disk.
 * Errors
 *   exit 0 ok; 2 bad arguments or text; 3 unknown voice; 4 the engine or the file system failed; the reason is on stderr.
 *   After a failure no file is left at --out.
 * Source
 *   espeak-ng 1.52, src/include/espeak-ng/speak_lib.h (read 2026-11-21).
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_USAGE = 2, EXIT_VOICE = 3, EXIT_ENGINE = 4 };

#define TEXT_BYTES_MAX (64 * 1024)
/* The engine clamps outside of this range without a word; a caller should hear about it. */
#define RATE_WPM_MIN 80
#define RATE_WPM_MAX 450
#define WAV_HEADER_BYTES 44

/* The engine's API, as far as it is used. */
enum { AUDIO_OUTPUT_SYNCHRONOUS = 2, INITIALIZE_DONT_EXIT = 0x8000 };
enum { EVENT_LIST_TERMINATED = 0, EVENT_WORD = 1 };
enum { PARAMETER_RATE = 1 };
enum { POSITION_CHARACTER = 1, CHARS_UTF8 = 1, END_PAUSE = 0x1000 };

typedef struct {
  int type;
  unsigned int unique_identifier;
  int text_position; /* characters, from 1 */
  int length;        /* characters */
  int audio_position; /* ms */
  int sample;
  void *user_data;
  union {
    int number;
    const char *name;
    char string[8];
  } id;
} engine_event;

typedef int engine_callback(short *samples, int count, engine_event *events);

typedef struct {
  int (*initialize)(int output, int buffer_ms, const char *data_path, int options);
  void (*set_callback)(engine_callback *callback);
  int (*set_voice)(const char *name);
  int (*set_parameter)(int parameter, int value, int relative);
  int (*synth)(const void *text, size_t size, unsigned int position, int position_type, unsigned int end_position,
               unsigned int flags, unsigned int *identifier, void *user_data);
} engine;

typedef struct {
  const char *library, *data, *voice, *out;
  int rate;
} options;

typedef struct {
  long start_char, chars, at_ms;
} word;

/* The engine's callback has no usable context pointer before the first event, hence one static sink. */
static struct {
  FILE *file;
  uint64_t samples;
  word *words;
  size_t count, capacity;
  int failed;
} sink;

static int complain(int status, const char *what, const char *detail) {
  fprintf(stderr, "speak-words: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
  return status;
}

static int keep_word(const engine_event *event) {
  if (sink.count == sink.capacity) {
    size_t capacity = sink.capacity ? sink.capacity * 2 : 256;
    word *grown = realloc(sink.words, capacity * sizeof *grown);
    if (!grown) return 0;
    sink.words = grown;
    sink.capacity = capacity;
  }
  sink.words[sink.count++] = (word){event->text_position - 1L, event->length, event->audio_position};
  return 1;
}

/* Answers 1 to make the engine stop. */
static int receive(short *samples, int count, engine_event *events) {
  for (; events && events->type != EVENT_LIST_TERMINATED; events++) {
    if (events->type == EVENT_WORD && !keep_word(events)) return sink.failed = 1;
  }
  if (!samples || count <= 0) return 0;
  for (int i = 0; i < count; i++) {
    uint16_t value = (uint16_t)samples[i];
    if (fputc(value & 0xff, sink.file) == EOF || fputc(value >> 8, sink.file) == EOF) return sink.failed = 1;
  }
  sink.samples += (uint64_t)count;
  return 0;
}

static void put(unsigned char *at, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; i++) at[i] = (unsigned char)(value >> (8 * i));
}

static int write_header(uint32_t sample_rate) {
  unsigned char header[WAV_HEADER_BYTES] = "RIFF\0\0\0\0WAVEfmt ";
  uint32_t data_bytes = (uint32_t)(sink.samples * 2);
  put(header + 4, data_bytes + WAV_HEADER_BYTES - 8, 4);
  put(header + 16, 16, 4);              /* size of the format chunk */
  put(header + 20, 1, 2);               /* PCM */
  put(header + 22, 1, 2);               /* mono */
  put(header + 24, sample_rate, 4);
  put(header + 28, sample_rate * 2, 4); /* bytes a second */
  put(header + 32, 2, 2);               /* bytes a frame */
  put(header + 34, 16, 2);              /* bits a sample */
  memcpy(header + 36, "data", 4);
  put(header + 40, data_bytes, 4);
  return fseek(sink.file, 0, SEEK_SET) == 0 && fwrite(header, sizeof header, 1, sink.file) == 1;
}

/* A name that could be a path would let the caller load any file as a voice. */
static int plain_name(const char *name) {
  return *name && strlen(name) <= 64 &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-") == strlen(name);
}

static int parse(int count, char **values, options *into) {
  for (int i = 1; i + 1 < count; i += 2) {
    const char *name = values[i], *value = values[i + 1];
    if (!strcmp(name, "--lib")) into->library = value;
    else if (!strcmp(name, "--data")) into->data = value;
    else if (!strcmp(name, "--voice")) into->voice = value;
    else if (!strcmp(name, "--out")) into->out = value;
    else if (!strcmp(name, "--rate")) {
      char *end;
      long rate = strtol(value, &end, 10);
      if (*end || rate < RATE_WPM_MIN || rate > RATE_WPM_MAX)
        return complain(EXIT_USAGE, "--rate is a whole number of words a minute, 80 to 450", value);
      into->rate = (int)rate;
    } else return complain(EXIT_USAGE, "unknown option", name);
  }
  if (count % 2 == 0 || !into->library || !into->data || !into->voice || !into->out || !into->rate)
    return complain(EXIT_USAGE, "wanted --lib PATH --data PATH --voice NAME --rate WPM --out FILE.wav", NULL);
  if (!plain_name(into->voice)) return complain(EXIT_USAGE, "not a voice name", into->voice);
  return EXIT_OK;
}

/* Length of the well-formed UTF-8 sequence at `at`, 0 when malformed (also overlong forms, surrogates and NUL). */
static size_t sequence(const unsigned char *at, size_t left) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t length = *at < 0x80 ? 1 : *at >> 5 == 6 ? 2 : *at >> 4 == 14 ? 3 : *at >> 3 == 30 ? 4 : 0;
  if (!*at || !length || length > left) return 0;
  if (length == 1) return 1;
  uint32_t value = *at & (0x7fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((at[i] & 0xc0) != 0x80) return 0;
    value = value << 6 | (at[i] & 0x3f);
  }
  return value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? 0 : length;
}

static int read_text(char **text, long *chars) {
  char *bytes = malloc(TEXT_BYTES_MAX + 2);
  if (!bytes) return complain(EXIT_ENGINE, "out of memory", NULL);
  size_t size = fread(bytes, 1, TEXT_BYTES_MAX + 1, stdin);
  bytes[size] = 0;
  *text = bytes;
  if (ferror(stdin)) return complain(EXIT_ENGINE, "cannot read the text", strerror(errno));
  if (size > TEXT_BYTES_MAX) return complain(EXIT_USAGE, "the text is longer than 64 KiB", NULL);
  *chars = 0;
  for (size_t at = 0, step; at < size; at += step, ++*chars) {
    step = sequence((const unsigned char *)bytes + at, size - at);
    if (!step) return complain(EXIT_USAGE, "the text is not UTF-8", NULL);
  }
  if (strspn(bytes, " \t\r\n") == size) return complain(EXIT_USAGE, "the text is empty", NULL);
  return EXIT_OK;
}

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (!found) complain(EXIT_ENGINE, "the library lacks", name);
  return found;
}

static int load(const options *asked, engine *loaded, int *sample_rate) {
  void *library = dlopen(asked->library, RTLD_NOW | RTLD_LOCAL);
  if (!library) return complain(EXIT_ENGINE, "cannot load the engine", dlerror());
  /* POSIX's own idiom for function pointers out of dlsym; ISO C has none. */
  *(void **)&loaded->initialize = symbol(library, "espeak_Initialize");
  *(void **)&loaded->set_callback = symbol(library, "espeak_SetSynthCallback");
  *(void **)&loaded->set_voice = symbol(library, "espeak_SetVoiceByName");
  *(void **)&loaded->set_parameter = symbol(library, "espeak_SetParameter");
  *(void **)&loaded->synth = symbol(library, "espeak_Synth");
  if (!loaded->initialize || !loaded->set_callback || !loaded->set_voice || !loaded->set_parameter || !loaded->synth)
    return EXIT_ENGINE;
  *sample_rate = loaded->initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, asked->data, INITIALIZE_DONT_EXIT);
  if (*sample_rate <= 0) return complain(EXIT_ENGINE, "the engine cannot read its data in", asked->data);
  if (loaded->set_voice(asked->voice) != 0) return complain(EXIT_VOICE, "no such voice", asked->voice);
  if (loaded->set_parameter(PARAMETER_RATE, asked->rate, 0) != 0)
    return complain(EXIT_ENGINE, "the engine refused the rate", NULL);
  return EXIT_OK;
}

/* The engine repeats a word's event when it re-reads a number or an abbreviation, and may point past the text's end;
 * what is left afterwards is in order, without overlap, and inside the text. */
static void tidy_words(long chars) {
  size_t kept = 0;
  for (size_t i = 0; i < sink.count; i++) {
    word next = sink.words[i];
    long earliest = kept ? sink.words[kept - 1].start_char + sink.words[kept - 1].chars : 0;
    if (next.start_char < earliest || next.start_char >= chars || next.chars <= 0) continue;
    if (next.chars > chars - next.start_char) next.chars = chars - next.start_char;
    if (next.at_ms < 0) next.at_ms = 0;
    if (kept && next.at_ms < sink.words[kept - 1].at_ms) next.at_ms = sink.words[kept - 1].at_ms;
    sink.words[kept++] = next;
  }
  sink.count = kept;
}

static void print_words(int sample_rate) {
  printf("{\"sample_rate\":%d,\"duration_ms\":%llu,\"words\":[", sample_rate,
         (unsigned long long)(sink.samples * 1000 / (uint64_t)sample_rate));
  for (size_t i = 0; i < sink.count; i++)
    printf("%s{\"start_char\":%ld,\"chars\":%ld,\"at_ms\":%ld}", i ? "," : "", sink.words[i].start_char,
           sink.words[i].chars, sink.words[i].at_ms);
  puts("]}");
}

static int speak(const engine *loaded, const char *text, const char *out, int sample_rate) {
  sink.file = fopen(out, "wb");
  if (!sink.file) return complain(EXIT_ENGINE, "cannot write", strerror(errno));
  int good = write_header((uint32_t)sample_rate);
  loaded->set_callback(receive);
  int answer = good ? loaded->synth(text, strlen(text) + 1, 0, POSITION_CHARACTER, 0, CHARS_UTF8 | END_PAUSE, NULL, NULL)
                    : 0;
  good = good && write_header((uint32_t)sample_rate);
  good = fclose(sink.file) == 0 && good && !sink.failed;
  if (good && answer == 0 && sink.samples) return EXIT_OK;
  unlink(out);
  if (!good) return complain(EXIT_ENGINE, "cannot write", out);
  return complain(EXIT_ENGINE, answer ? "the engine failed" : "the engine said nothing", NULL);
}

int main(int count, char **values) {
  options asked = {0};
  engine loaded = {0};
  char *text = NULL;
  long chars = 0;
  int sample_rate = 0;
  int status = parse(count, values, &asked);
  if (status == EXIT_OK) status = read_text(&text, &chars);
  if (status == EXIT_OK) status = load(&asked, &loaded, &sample_rate);
  if (status == EXIT_OK) status = speak(&loaded, text, asked.out, sample_rate);
  if (status == EXIT_OK) {
    tidy_words(chars);
    print_words(sample_rate);
    if (fflush(stdout) != 0) status = complain(EXIT_ENGINE, "cannot write the answer", strerror(errno));
  }
  /* The library's worker threads make an orderly unload slow and, in some builds, unsafe; the process ends here. */
  _exit(status);
}
