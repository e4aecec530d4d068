internal import Glibc

/// A file that nobody changes, as memory.
final class MappedFile: @unchecked Sendable {  // read only, and never moved
    let bytes: UnsafeRawBufferPointer

    init(_ path: String, isRandom: Bool = true) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .last("fstat", path) }
        let size = Int(facts.st_size)
        guard size > 0, let start = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw .last("mmap", path)
        }
        // Where access is random, what lies beside a page that was asked for would only push others out.
        madvise(start, size, isRandom ? MADV_RANDOM : MADV_SEQUENTIAL)
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    /// Lends the bytes; the file stays mapped as long.
    func read<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value { withExtendedLifetime(self) { body(bytes) } }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
