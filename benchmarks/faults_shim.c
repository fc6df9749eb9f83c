/* A clock that jumps and a disk that is slow, for one process: loaded before the C library (LD_PRELOAD), it reads from
   the file that FAULTS_CONTROL names two numbers, seconds added to the clock of the day and milliseconds that each
   fsync takes longer, at every call. Clocks that only count forward are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *control; /* [0] seconds, [1] milliseconds */
static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
    real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    const char *path = getenv("FAULTS_CONTROL");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *map = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
    if (map != MAP_FAILED) control = map;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!real_clock) begin();
    int failed = real_clock(clock, now);
    if (!failed && control && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += control[0];
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec found;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &found)) return -1;
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *into) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (into) *into = found.tv_sec;
    return found.tv_sec;
}

static void wait_for_disk(void) {
    int64_t ms = control ? control[1] : 0;
    struct timespec left = {ms / 1000, (ms % 1000) * 1000000};
    if (ms > 0) nanosleep(&left, NULL);
}

int fsync(int file) {
    wait_for_disk();
    return real_fsync(file);
}

int fdatasync(int file) {
    wait_for_disk();
    return real_fdatasync(file);
}
