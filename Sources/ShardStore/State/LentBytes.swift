extension [UInt8] {
    /// Lends the bytes to a closure whose error type is kept, which `withUnsafeBytes` does not do.
    @inline(__always)
    func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { buffer throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}

extension [UInt8] {
    /// The bytes of a value in memory.
    init(bytesOf value: some FixedWidthInteger) {
        self = Swift.withUnsafeBytes(of: value) { Array($0) }
    }
}
