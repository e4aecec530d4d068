import CAllocator

/// How the C library's allocator is set for a server under load.
///
/// Left to itself it gives memory back to the kernel and asks for it again all the time: messages of some hundred
/// kilobytes come and go with every batch, and each return costs a call and the faults of all pages. It was a tenth of
/// a coordinator's time.
enum Allocator {
    /// Larger blocks are mapped and unmapped one by one (the largest that the C library takes).
    private static let mappedBytes: Int32 = 32 << 20
    /// Memory at the end of the heap that is kept.
    private static let keptBytes: Int32 = 64 << 20
    /// What the heap grows by.
    private static let growthBytes: Int32 = 16 << 20

    /// Heaps beside each other: each keeps what it once needed.
    private static let heaps: Int32 = 4

    /// Sets it; to be called before there is any load.
    static func tune() {
        _ = mallopt(M_MMAP_THRESHOLD, mappedBytes)
        _ = mallopt(M_TRIM_THRESHOLD, keptBytes)
        _ = mallopt(M_TOP_PAD, growthBytes)
        _ = mallopt(M_ARENA_MAX, heaps)
    }
}
