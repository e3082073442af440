"""The Debian packages: what is installed has one place in them, and the SBOM says what they are made of. scripts/package --check
builds and tries them; that takes minutes, and is no part of scripts/test."""
import fnmatch
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, SOURCE

DEBIAN = SOURCE / 'config' / 'debian'


def installed():
    """Where Debian has what meson installs: under usr, but for the units."""
    said = subprocess.run(['meson', 'introspect', '--installed', BUILD], capture_output=True, text=True, check=True).stdout
    options = json.loads(subprocess.run(['meson', 'introspect', '--buildoptions', BUILD], capture_output=True, text=True,
                                        check=True).stdout)
    prefix = next(option['value'] for option in options if option['name'] == 'prefix')
    for place in json.loads(said).values():
        yield 'usr/' + str(pathlib.PurePath(place).relative_to(prefix))


def claims():
    """Of each package the patterns of what it takes."""
    return {path.stem: [word for word in re.findall(r'(?m)^\s*((?:usr|lib)/[^\s;\\]+)', path.read_text())]
            for path in DEBIAN.glob('*.install')}


def owners(place):
    place = place.replace('usr/lib/systemd/system', 'lib/systemd/system')
    parents = [place, *map(str, pathlib.PurePath(place).parents)]
    return [package for package, patterns in claims().items()
            if any(fnmatch.fnmatchcase(parent, pattern) for pattern in patterns for parent in parents)]


class Contents(unittest.TestCase):
    def test_each_installed_file_is_in_one_package(self):
        places = list(installed())
        self.assertGreater(len(places), 25)
        for place in places:
            self.assertEqual(len(owners(place)), 1, f'{place}: {owners(place)}')

    def test_what_no_package_names_is_noticed(self):
        self.assertEqual(owners('usr/share/forgotten'), [])
        self.assertEqual(owners('usr/share/man/man1/consentctl.1'), ['consent-clients'])
        self.assertEqual(owners('usr/share/man/man8/consentd.8'), ['consentd'])
        self.assertEqual(owners('usr/share/man/man1/svb.1'), ['consent-clients'])

    def test_a_purge_leaves_what_people_recorded(self):
        script = (DEBIAN / 'consentd.postrm').read_text()
        self.assertNotRegex(script, r'rm -[a-z]*r|userdel|deluser')


CONTROL = 'Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n' \
          'Depends: {depends}\nDescription: nothing\n'
BUILDINFO = 'Format: 1.0\nSource: consentd\nVersion: 1.0\nInstalled-Build-Depends:\n dpkg (= 1.2.3),\n compiler (= 4:12)\n'


@unittest.skipUnless(shutil.which('dpkg-deb'), 'dpkg-deb is not here')
class Sbom(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='consentd-sbom-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, depends):
        for name, needs in (('libconsent0', 'libc6 (>= 2.34)'), ('consentd', depends)):
            tree = self.folder / 'tree' / name
            (tree / 'DEBIAN').mkdir(parents=True)
            (tree / 'DEBIAN' / 'control').write_text(CONTROL.format(name=name, depends=needs))
            subprocess.run(['dpkg-deb', '--root-owner-group', '--build', tree, self.folder], check=True,
                           stdout=subprocess.DEVNULL)
        (self.folder / 'consentd.buildinfo').write_text(BUILDINFO)
        return subprocess.run([SOURCE / 'scripts' / 'sbom', '--epoch', '1764000000', self.folder], capture_output=True,
                              text=True, check=False)

    def test_it_is_spdx_2_3(self):
        document = json.loads(self.write('libconsent0 (= 1.0), libc6').stdout)
        self.assertEqual((document['spdxVersion'], document['dataLicense'], document['SPDXID']),
                         ('SPDX-2.3', 'CC0-1.0', 'SPDXRef-DOCUMENT'))
        self.assertRegex(document['documentNamespace'], r'^urn:uuid:[0-9a-f-]{36}$')
        self.assertEqual(document['creationInfo']['created'], '2025-11-24T16:00:00Z')
        names = [package['SPDXID'] for package in document['packages']]
        self.assertEqual(len(names), len(set(names)))
        for package in document['packages']:
            self.assertRegex(package['SPDXID'], r'^SPDXRef-[A-Za-z0-9.-]+$')
            for field in ('name', 'downloadLocation', 'licenseConcluded', 'licenseDeclared', 'copyrightText'):
                self.assertTrue(package[field], package)
            self.assertIs(package['filesAnalyzed'], False)
        for relation in document['relationships']:
            for end in ('spdxElementId', 'relatedSpdxElement'):
                self.assertIn(relation[end], [*names, 'SPDXRef-DOCUMENT'])
            self.assertIn(relation['relationshipType'], ('DESCRIBES', 'DEPENDS_ON', 'GENERATED_FROM', 'BUILD_DEPENDENCY_OF'))

    def test_it_says_what_runs_with_it_and_what_it_was_built_with(self):
        document = json.loads(self.write('libconsent0 (= 1.0), libc6').stdout)
        pairs = {(one['spdxElementId'], one['relationshipType'], one['relatedSpdxElement'])
                 for one in document['relationships']}
        self.assertLessEqual({('SPDXRef-DOCUMENT', 'DESCRIBES', 'SPDXRef-package-consentd'),
                              ('SPDXRef-package-consentd', 'DEPENDS_ON', 'SPDXRef-package-libconsent0'),
                              ('SPDXRef-package-libconsent0', 'DEPENDS_ON', 'SPDXRef-debian-libc6'),
                              ('SPDXRef-debian-compiler', 'BUILD_DEPENDENCY_OF', 'SPDXRef-source-consentd')}, pairs)
        (libc,) = (package for package in document['packages'] if package['name'] == 'libc6')
        version = subprocess.run(['dpkg-query', '--show', '--showformat=${Version}', 'libc6'], capture_output=True,
                                 text=True, check=True).stdout
        self.assertEqual(libc['versionInfo'], version)
        self.assertTrue(any(one[0] == 'SPDXRef-debian-libc6' for one in pairs), 'what libc6 needs in turn')

    def test_what_it_cannot_tell_is_an_error(self):
        ran = self.write('no-such-library (>= 1)')
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn('no-such-library', ran.stderr)
        self.assertEqual(ran.stdout, '')


if __name__ == '__main__':
    unittest.main()
