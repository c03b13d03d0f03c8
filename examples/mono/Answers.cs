using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

/// <summary>Reads questions, a line each, and writes their answers.</summary>
public static class Answers
{
    public static void Main()
    {
        // Latin-1 keeps the bytes as they are.
        Encoding latin1 = Encoding.GetEncoding("iso-8859-1");
        var engines = new Dictionary<string, Guiche>();
        using (var questions = new StreamReader(Console.OpenStandardInput(), latin1))
        using (var answers = new BufferedStream(Console.OpenStandardOutput()))
        {
            string line;
            while ((line = questions.ReadLine()) != null)
            {
                string[] parts = line.Split(new[] { '\t' }, 3);
                Guiche guiche;
                if (!engines.TryGetValue(parts[0], out guiche))
                {
                    engines[parts[0]] = guiche = new Guiche(knownAt: parts[0]);
                }
                byte[] answer;
                try
                {
                    answer = guiche.Call(parts[1], latin1.GetBytes(parts[2]));
                }
                catch (Guiche.Error error)
                {
                    answer = Encoding.UTF8.GetBytes(error.Message);
                }
                answers.Write(answer, 0, answer.Length);
                answers.WriteByte((byte)'\n');
            }
        }
    }
}
