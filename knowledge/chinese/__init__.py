"""What a Chinese question is about: words of one meaning, kinds of question, numbers, sounds."""
