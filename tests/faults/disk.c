/* Stands between a process and its disk (LD_PRELOAD), for the folder named by MT_DISK.
 *
 * With MT_LOG every write, cut and sync under that folder goes into a log, in the order in which
 * they happened: from it the disk is rebuilt as a power cut would have left it. mt_note() puts a
 * line of the process itself among them. mt_room() leaves room for so many more bytes: what would
 * make a file longer than that fails as on a full disk, writing the part for which there is room.
 *
 * A record: one letter, then three numbers of 8 bytes (of the file, offset, length), then bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static int64_t room = -1; /* unlimited */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The number by which the log calls a file under the folder; 0 for any other. A name is told once. */
static uint64_t watched(int fd) {
    static char names[256][512];
    static int known = 0;
    char link[64], path[512];
    const char *folder = getenv("MT_DISK");
    if (!folder || fd == log_fd) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t got = readlink(link, path, sizeof path - 1);
    if (got <= 0) return 0;
    path[got] = 0;
    size_t length = strlen(folder);
    if (strncmp(path, folder, length) || path[length] != '/') return 0;
    for (int one = 0; one < known; one++)
        if (!strcmp(names[one], path)) return one + 1;
    if (known == 256) return 1;
    strcpy(names[known++], path);
    uint64_t head[3] = {known, 0, strlen(path)};
    if (log_fd >= 0) {
        struct iovec parts[] = {{"N", 1}, {head, sizeof head}, {path, strlen(path)}};
        if (REAL(writev)(log_fd, parts, 3) < 0) abort();
    }
    return known;
}

static void logged(char kind, uint64_t file, uint64_t offset, const void *bytes, uint64_t length) {
    if (log_fd < 0) return;
    uint64_t head[3] = {file, offset, length};
    struct iovec parts[] = {{&kind, 1}, {head, sizeof head}, {(void *)bytes, bytes ? length : 0}};
    if (REAL(writev)(log_fd, parts, 3) < 0) abort();
}

/* How many of these bytes there is room for; takes the room away. */
static int64_t allowed(int fd, int64_t offset, int64_t count) {
    struct stat now;
    if (room < 0 || fstat(fd, &now)) return count;
    int64_t growth = offset + count - now.st_size;
    if (growth <= 0) return count;
    if (growth <= room) {
        room -= growth;
        return count;
    }
    int64_t fits = count - (growth - room);
    room = 0;
    return fits > 0 ? fits : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("MT_LOG");
    if (path) log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void mt_room(int64_t bytes) { room = bytes; }
int64_t mt_left(void) { return room; }

void mt_note(const char *text) {
    pthread_mutex_lock(&lock);
    logged('A', 0, 0, text, strlen(text));
    pthread_mutex_unlock(&lock);
}

static ssize_t put(int fd, const void *bytes, size_t count, int64_t offset, int is_here) {
    pthread_mutex_lock(&lock);
    uint64_t file = watched(fd);
    ssize_t done;
    if (file && is_here) {
        offset = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    }
    size_t fits = file ? (size_t)allowed(fd, offset, count) : count;
    if (file && count && !fits) {
        errno = ENOSPC;
        done = -1;
    } else {
        done = is_here ? REAL(write)(fd, bytes, fits) : REAL(pwrite64)(fd, bytes, fits, offset);
    }
    if (file && done > 0) logged('W', file, offset, bytes, done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t count) { return put(fd, bytes, count, 0, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return put(fd, bytes, count, at, 0); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return put(fd, bytes, count, at, 0); }

static int cut(int fd, int64_t length) {
    pthread_mutex_lock(&lock);
    uint64_t file = watched(fd);
    int done = REAL(ftruncate64)(fd, length);
    if (file && !done) logged('T', file, length, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int synced(int fd, int (*real)(int)) {
    pthread_mutex_lock(&lock);
    uint64_t file = watched(fd);
    int done = real(fd);
    if (file && !done) logged('S', file, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

/* What copies inside the kernel would pass by: a file system may lack them, and so has this one. */
ssize_t sendfile(int out, int in, off_t *at, size_t count) {
    if (watched(out)) return errno = EINVAL, -1;
    return REAL(sendfile)(out, in, at, count);
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t count) {
    if (watched(out)) return errno = EINVAL, -1;
    return REAL(sendfile64)(out, in, at, count);
}
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t count, unsigned flags) {
    if (watched(out)) return errno = ENOSYS, -1;
    return REAL(copy_file_range)(in, from, out, to, count, flags);
}
