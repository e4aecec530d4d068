internal import CNghttp2

extension HeaderList {
    /// Calls with the fields as nghttp2 takes them; the pointers are valid during the call, and nghttp2 copies.
    func withFieldPointers<R>(_ body: (UnsafePointer<nghttp2_nv>, Int) -> R) -> R {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            // nghttp2 takes mutable pointers and does not write through them.
            let base = unsafe UnsafeMutablePointer(mutating: buffer.baseAddress)
            return unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: max(1, count)) { target in
                for (index, entry) in entries.enumerated() {
                    let name = unsafe base.map { unsafe $0 + Int(entry.start) }
                    unsafe target.initializeElement(
                        at: index,
                        to: nghttp2_nv(
                            name: name,
                            value: base.map { unsafe $0 + Int(entry.start + entry.nameLength) },
                            namelen: Int(entry.nameLength),
                            valuelen: Int(entry.valueLength),
                            flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)
                        )
                    )
                }
                guard let start = target.baseAddress else { preconditionFailure("capacity is at least one") }
                return unsafe body(UnsafePointer(start), entries.count)
            }
        }
    }
}

extension MessageHead {
    /// Takes one of the pseudo fields; nghttp2 has refused others and duplicates.
    mutating func setPseudo(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        let text = unsafe String(decoding: value, as: UTF8.self)
        switch unsafe (name.count, name[1]) {
        case (7, 0x6D): method = text  // ":method"
        case (5, 0x70): path = text  // ":path"
        case (10, 0x61): authority = text  // ":authority"
        case (7, 0x73) where unsafe name[2] == 0x63: scheme = text  // ":scheme"
        case (7, 0x73): status = Int(text) ?? 0  // ":status"
        default: break
        }
    }
}
