import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads questions, a line each, and writes their answers: {@code Answers LIBRARY < questions}. */
public final class Answers {
  public static void main(String[] args) throws IOException {
    Map<String, Guiche> engines = new HashMap<>();
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    // Latin-1 keeps the bytes as they are.
    String questions = new String(System.in.readAllBytes(), StandardCharsets.ISO_8859_1);
    for (String line : questions.split("\n")) {
      String[] parts = line.split("\t", 3);
      Guiche guiche = engines.computeIfAbsent(parts[0],
          knownAt -> new Guiche(args[0], "", "", knownAt));
      try {
        answers.write(guiche.call(parts[1], parts[2].getBytes(StandardCharsets.ISO_8859_1)));
      } catch (Guiche.GuicheException error) {
        answers.write(error.getMessage().getBytes(StandardCharsets.UTF_8));
      }
      answers.write('\n');
    }
    answers.writeTo(System.out);
    System.out.flush();
    engines.values().forEach(Guiche::close);
  }
}
