"""Does the support that the product gives a sentence agree with what people say of it?"""
