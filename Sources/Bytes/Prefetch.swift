internal import CPrefetch

/// Asks for memory that is read soon, and does not wait for it.
///
/// A load that misses the cache holds up what comes after it as soon as a branch depends on it. A hint does not, so
/// all lines of a query come together; in a store of some hundred megabytes waiting for them was half of its time.
public enum Prefetch {
    private static let lineBytes: UInt = 64

    /// Asks for so many cache lines from an address on; any address will do.
    public static func lines(_ count: UInt, at address: UInt) {
        for line in 0..<count { prefetch_line(address &+ line &* lineBytes) }
    }

    /// Asks for so many cache lines from an element of an array on; any index will do.
    @inlinable
    @inline(__always)
    public static func lines<Element>(_ count: UInt, of array: [Element], at index: Int) {
        let base = array.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        lines(count, at: base &+ UInt(bitPattern: index &* MemoryLayout<Element>.stride))
    }
}
