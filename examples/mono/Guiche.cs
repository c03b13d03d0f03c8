using System;
using System.Runtime.InteropServices;
using System.Text;

/// <summary>
/// guiche in .NET and Mono, by P/Invoke. Copy this file.
/// <code>
/// using (var guiche = new Guiche())
///   answer = guiche.Call("open", @"{""place"":""Sinop"",""at"":""2026-01-07T12:00:00-04:00""}");
/// </code>
/// Any number of threads may ask one object; dispose of it when none does any more.
/// The library, libguiche.so.0, is found as the system finds libraries.
/// </summary>
public sealed class Guiche : IDisposable
{
    /// <summary>The error as JSON, with field, value and remedy; the code is gRPC's.</summary>
    public sealed class Error : ArgumentException
    {
        public readonly int Code;

        internal Error(int code, string json) : base(json)
        {
            Code = code;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public IntPtr Data;
        public UIntPtr Size;
    }

    private const string Library = "libguiche.so.0";
    private const int Json = 0, Text = 2;

    [DllImport(Library)]
    private static extern void guiche_buffer_free(ref Buffer buffer);

    [DllImport(Library)]
    private static extern int guiche_engine_create(byte[] policy, UIntPtr policySize, int format, byte[] digest,
        UIntPtr digestSize, byte[] knownAt, UIntPtr knownAtSize, out IntPtr engine, out Buffer buffer);

    [DllImport(Library)]
    private static extern void guiche_engine_free(IntPtr engine);

    [DllImport(Library)]
    private static extern int guiche_call(IntPtr engine, byte[] method, UIntPtr methodSize, int format,
        byte[] request, UIntPtr requestSize, out Buffer buffer);

    private IntPtr engine;

    /// <param name="policy">As textproto; empty: the embedded one, that of DPE/MT.</param>
    /// <param name="digest">The digest it must have; empty: any.</param>
    /// <param name="knownAt">RFC 3339: only acts published by then count; empty: all.</param>
    public Guiche(string policy = "", string digest = "", string knownAt = "")
    {
        byte[] p = Encoding.UTF8.GetBytes(policy), d = Encoding.UTF8.GetBytes(digest),
            k = Encoding.UTF8.GetBytes(knownAt);
        Buffer buffer;
        Take(guiche_engine_create(p, Size(p), Text, d, Size(d), k, Size(k), out engine, out buffer), buffer);
    }

    /// <summary>Puts a question by the name of its method; request and answer are JSON.</summary>
    public string Call(string method, string request)
    {
        return Encoding.UTF8.GetString(Call(method, Encoding.UTF8.GetBytes(request)));
    }

    /// <summary>The same, by the bytes of UTF-8.</summary>
    public byte[] Call(string method, byte[] request)
    {
        byte[] m = Encoding.UTF8.GetBytes(method);
        Buffer buffer;
        int code = guiche_call(engine, m, Size(m), Json, request, Size(request), out buffer);
        GC.KeepAlive(this);  // Else it may be finalized while the library answers.
        return Take(code, buffer);
    }

    public void Dispose()
    {
        guiche_engine_free(engine);
        engine = IntPtr.Zero;
        GC.SuppressFinalize(this);
    }

    ~Guiche()
    {
        guiche_engine_free(engine);
    }

    /// <summary>The answer in the buffer, whose memory it frees, or the error.</summary>
    private static byte[] Take(int code, Buffer buffer)
    {
        byte[] json = new byte[(int)buffer.Size];
        if (json.Length > 0) Marshal.Copy(buffer.Data, json, 0, json.Length);
        guiche_buffer_free(ref buffer);
        if (code != 0) throw new Error(code, Encoding.UTF8.GetString(json));
        return json;
    }

    private static UIntPtr Size(byte[] bytes)
    {
        return (UIntPtr)bytes.Length;
    }
}
