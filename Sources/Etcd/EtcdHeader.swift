/// What every answer begins with; only the revision is of use.
enum EtcdHeader {
    /// The revision of the store when the answer was made.
    static func revision(_ bytes: ArraySlice<UInt8>) throws(EtcdError) -> UInt64 {
        var fields = ProtoFields(bytes)
        var revision: UInt64 = 0
        while let (field, value) = try fields.next() {
            if field == 3 { revision = value.number }
        }
        return revision
    }
}
