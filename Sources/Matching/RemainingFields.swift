/// Which of the fields that are compared last both records know.
struct RemainingFields {
    private var email = false
    private var address = false
    private var place = false
    private var mother = false

    @inline(__always)
    init(_ left: UnsafePointer<FeatureView>, _ right: UnsafePointer<FeatureView>) {
        email = left.pointee.has(.emailLocal) && right.pointee.has(.emailLocal)
        address = left.pointee.has(.street) && right.pointee.has(.street)
        place = left.pointee.hasPlace && right.pointee.hasPlace
        mother = left.pointee.count(.mother) > 0 && right.pointee.count(.mother) > 0
    }

    /// The most that these fields, and the names if they are still to come, can add.
    @inline(__always)
    func best(_ table: UnsafePointer<CompiledWeights.Table>, names: Bool) -> Int32 {
        var sum: Int32 = 0
        if names {
            sum &+= table.pointee.best[Int(MatchField.givenName.rawValue)]
            sum &+= table.pointee.best[Int(MatchField.middleName.rawValue)]
            sum &+= table.pointee.best[Int(MatchField.familyName.rawValue)]
        }
        if email { sum &+= table.pointee.best[Int(MatchField.email.rawValue)] }
        if address { sum &+= table.pointee.best[Int(MatchField.address.rawValue)] }
        if place { sum &+= table.pointee.best[Int(MatchField.place.rawValue)] }
        if mother { sum &+= table.pointee.best[Int(MatchField.mother.rawValue)] }
        return sum
    }
}
