/// Tokens and keys that other programs made.
enum TokenVectors {
    /// An RSA key of 2048 bits, made by another library.
    static let rsaKey = #"""
        {"kid": "r1", "kty": "RSA", "n": "pSaMkFcNnqhmOpYV_d9aNF41qTnRx935vlzsXqUitFcQ6fVf6SLz7pusDgfNqboPh6\#
        kQ82l5TTRi76vvZadgz0iK42S0DzErqXsiWg0D-3HWQs8lBTEmjacbfqyQKs5z2pZhaedxT6L6lFRUjWnQMV0jMCSD95uCinL4da\#
        D7Q3xxrolUTjOfJMVT1P3_me-pRtx9amDRQjAfR1k7Ab_tV_eoCIeu-MskDQycWLhxe_95GLbAvNPmfvdn6jKmv4NIeQNsbf6RRc\#
        lRlJinCPQ-2A-Xs2F4QMrL08JyXEWcoaBukegaV69VIAluUDfCbLjhqUsmKXxJfIyWJ1Qg0oTn1w", "e": "AQAB"}
        """#
    /// Signed by that key with PKCS 1 padding.
    static let rs256 = """
        eyJhbGciOiJSUzI1NiIsImtpZCI6InIxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJy\
        ZWdpc3RyeSIsInN1YiI6ImNsaW5pYy03IiwiY2xpZW50X2lkIjoiY2xpbmljLTciLCJleHAiOjIwMDAwMDAwMDAsImlhdCI6MTcw\
        MDAwMDAwMCwianRpIjoidC0xIiwic2NvcGUiOiJzeXN0ZW0vUGF0aWVudC5ycyBJVEktODMiLCJleHRlbnNpb25zIjp7ImloZV9p\
        dWEiOnsic3ViamVjdF9uYW1lIjoiRHIuIEFrZWxsbyIsInN1YmplY3Rfb3JnYW5pemF0aW9uIjoiQ2xpbmljIDciLCJwdXJwb3Nl\
        X29mX3VzZSI6W3sic3lzdGVtIjoidXJuOm9pZDoyLjE2Ljg0MC4xLjExMzg4My4xLjExLjIwNDQ4IiwiY29kZSI6IlRSRUFUIn1d\
        fX19.NF-2SeW8owi5lLclz3o1Qh2jxnz6Gkfaso0pq-vtSH1_904L-bNK1WgcnCmABrUeOsw7o2tmuJTOBljwFfXyX9bBFK7RBHA\
        sA1XKb_7n2iTsxfJsJleLfU92YSKwsA3TABHGL9XhydUduAtre6fLIpw8Zv0SVuxThGtnf7mXhb75USSCgcfouZHGj1TH1etoQD5\
        2rep8lFFy6G11AEZsuBA9Veb_JxhNJHAQJtf3TPngbmwhcdUjaJ23-yQMWVqmGK4RpkUxAipYQSbcVdFV5031zqyScS6SKXvanch\
        2IZ3XomP38Y_rzn39Nn75Nizg6ZFEdevxBx5itrRiXdoViw
        """
    /// The same claims, signed with PSS padding.
    static let ps256 = """
        eyJhbGciOiJQUzI1NiIsImtpZCI6InIxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJy\
        ZWdpc3RyeSIsInN1YiI6ImNsaW5pYy03IiwiY2xpZW50X2lkIjoiY2xpbmljLTciLCJleHAiOjIwMDAwMDAwMDAsImlhdCI6MTcw\
        MDAwMDAwMCwianRpIjoidC0xIiwic2NvcGUiOiJzeXN0ZW0vUGF0aWVudC5ycyBJVEktODMiLCJleHRlbnNpb25zIjp7ImloZV9p\
        dWEiOnsic3ViamVjdF9uYW1lIjoiRHIuIEFrZWxsbyIsInN1YmplY3Rfb3JnYW5pemF0aW9uIjoiQ2xpbmljIDciLCJwdXJwb3Nl\
        X29mX3VzZSI6W3sic3lzdGVtIjoidXJuOm9pZDoyLjE2Ljg0MC4xLjExMzg4My4xLjExLjIwNDQ4IiwiY29kZSI6IlRSRUFUIn1d\
        fX19.iCVW3_xJ5RateMzVGebpuCSkzVeNWvcIlkh7PMaspvs_z5lc7N0yHez3QoYfzKirzx08ai53B9TFz4TP0CASH4L6J3UKSC4\
        jA5BHdxSXdd6Ks0lruFJ7HKagf7Y7Luu-W5c3tyMmbaFid8Cob4tRfLDkyEg61Cs33FB8yC1f72zkQJSa0Cw_b439CMkhcIyoZRh\
        nqJrQ_7llnRLp3m-aArf81cthRflJoGgqidto4zwV5SIHQOC74ts3-bitzY93ImL-6CbTVxRse8MfIwCLuPmS0Dpr0-LZDNpsuJo\
        h7qfN5Qj8lJVkdE0w8Xcfd7QhcECWJ4RxCmzaHcNfeMboIQ
        """
    /// RFC 7515, A.3: a key on P-256, and what it signed.
    static let p256Key = #"""
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m\#
        36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
        """#
    static let es256 = """
        eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19\
        yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU\
        1Q
        """
    /// RFC 8037, A.4.
    static let ed25519Key = #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    static let edMessage = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    static let edSignature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
}
