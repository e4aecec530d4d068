import Demographics
import FHIR
import PatientMapping

/// The bytes of a FHIR Patient to a source record.
enum DecodeKernels {
    static let all = [patient]

    private static let patient = Kernel(name: "patient-decode", item: "a Patient to a source record", items: 2_048) {
        let mapping = PatientMapping()
        let bodies = Inputs.records(1_024).map { mapping.encoded($0) }
        return {
            var sum: UInt64 = 0
            for _ in 0..<2 {
                for body in bodies { sum &+= UInt64(try mapping.record(decoding: body.span.bytes).names.count) }
            }
            return sum
        }
    }
}
