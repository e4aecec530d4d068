internal import Glibc

/// A file that nobody changes, as memory.
final class MappedFile: @unchecked Sendable {  // read only, and never moved
    let bytes: UnsafeRawBufferPointer

    init(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .last("fstat", path) }
        let size = Int(facts.st_size)
        guard size > 0, let start = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw .last("mmap", path)
        }
        // Access is random: what lies beside a page that was asked for would only push others out.
        madvise(start, size, MADV_RANDOM)
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
