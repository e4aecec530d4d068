/// Patients of a small clinic.
enum Sample {
    /// A Patient under `urn:clinic|value`.
    static func patient(
        _ value: String,
        family: String = "Okello",
        birthDate: String = "1980-02-29",
        id: String? = nil,
        more: String = ""
    ) -> String {
        let idMember = id.map { "\"id\":\"\($0)\"," } ?? ""
        return """
            {"resourceType":"Patient",\(idMember)"identifier":[{"system":"urn:clinic","value":"\(value)"}],\
            "name":[{"family":"\(family)","given":["Akinyi"]}],"gender":"female","birthDate":"\(birthDate)"\(more)}
            """
    }
}
